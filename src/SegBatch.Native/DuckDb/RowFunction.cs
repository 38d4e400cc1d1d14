using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SegBatch.Native.DuckDb;

/// <summary>The table function <c>segbatch_rows(id)</c>: the rows of the <see cref="RowStream"/> of that id.</summary>
public static unsafe class RowFunction
{
    /// <summary>Makes the function known to every connection of the database. Once per database.</summary>
    public static void Register(DuckDbConnection connection)
    {
        var function = Imports.CreateTableFunction();
        var parameter = Imports.CreateLogicalType(DuckDbType.BigInt);
        try
        {
            Imports.SetFunctionName(function, "segbatch_rows");
            Imports.AddParameter(function, parameter);
            Imports.SetBind(function, &Bind);
            Imports.SetInit(function, &Init);
            Imports.SetFunction(function, &Fill);
            if (Imports.RegisterTableFunction(connection.Handle, function) != 0)
            {
                throw new DuckDbException("DuckDB refuses the table function segbatch_rows: it is registered already.");
            }
        }
        finally
        {
            Imports.DestroyLogicalType(ref parameter);
            Imports.DestroyTableFunction(ref function);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        try
        {
            var value = Imports.BindParameter(info, 0);
            var id = Imports.ValueAsInt64(value);
            Imports.DestroyValue(ref value);
            foreach (var column in RowStream.Find(id).Columns)
            {
                var type = Imports.CreateLogicalType(column.Type);
                Imports.BindColumn(info, column.Name, type);
                Imports.DestroyLogicalType(ref type);
            }

            Imports.SetBindData(info, (nint)id, 0);
        }
        catch (Exception error)
        {
            Imports.SetBindError(info, error.Message);
        }
    }

    /// <summary>Nothing to do: one thread reads, which is DuckDB's default for such functions.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Init(nint info) { }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Fill(nint info, nint chunk)
    {
        try
        {
            RowStream.Find((long)Imports.BindData(info)).Fill(chunk);
        }
        catch (Exception error)
        {
            Imports.SetFunctionError(info, error.Message);
        }
    }
}
